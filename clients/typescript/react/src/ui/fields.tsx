import { type ReactNode, type Ref, useId } from "react";

interface FieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  testId: string;
}

interface Control {
  id: string;
  "data-testid": string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean | undefined;
}

function Field({
  label,
  hint,
  error,
  testId,
  children,
}: FieldProps & { children: (control: Control) => ReactNode }) {
  const id = useId();
  const told = error ?? hint;
  return (
    <div className="orgs-field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        "data-testid": testId,
        "aria-describedby": told ? `${id}-hint` : undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {told && (
        <p
          className="orgs-hint"
          data-kind={error ? "danger" : "plain"}
          id={`${id}-hint`}
          data-testid={`${testId}-${error ? "error" : "hint"}`}
        >
          {told}
        </p>
      )}
    </div>
  );
}

interface TextProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  isRequired?: boolean;
  maxLength?: number;
}

/** A field for one line of text, a date or a number. */
export function TextField({
  value,
  onChange,
  isRequired = false,
  maxLength,
  type = "text",
  inputMode,
  ...field
}: TextProps & { type?: "text" | "search" | "email" | "date"; inputMode?: "decimal" }) {
  return (
    <Field {...field}>
      {(control) => (
        <input
          {...control}
          className="orgs-input"
          type={type}
          inputMode={inputMode}
          required={isRequired}
          maxLength={maxLength}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** A field for several lines of text. */
export function TextArea({
  value,
  onChange,
  isRequired = false,
  maxLength,
  rows,
  isReadOnly = false,
  isCode = false,
  areaRef,
  ...field
}: TextProps & {
  rows: number;
  isReadOnly?: boolean;
  isCode?: boolean;
  areaRef?: Ref<HTMLTextAreaElement>;
}) {
  return (
    <Field {...field}>
      {(control) => (
        <textarea
          {...control}
          ref={areaRef}
          className={isCode ? "orgs-input orgs-code" : "orgs-input"}
          rows={rows}
          required={isRequired}
          readOnly={isReadOnly}
          maxLength={maxLength}
          spellCheck={!isCode}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export interface Option<T extends string> {
  value: T;
  label: string;
  isDisabled?: boolean;
}

/** A field to choose one of a few options. */
export function SelectField<T extends string>({
  value,
  onChange,
  options,
  isDisabled = false,
  ...field
}: FieldProps & {
  value: T;
  onChange: (value: T) => void;
  options: Option<T>[];
  isDisabled?: boolean;
}) {
  return (
    <Field {...field}>
      {(control) => (
        <select
          {...control}
          className="orgs-input"
          disabled={isDisabled}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value as T)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.isDisabled}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A checkbox with its label. */
export function Checkbox({
  label,
  note,
  testId,
  isChecked,
  isDisabled = false,
  onChange,
}: {
  label: string;
  note?: string | undefined;
  testId: string;
  isChecked: boolean;
  isDisabled?: boolean;
  onChange: (isChecked: boolean) => void;
}) {
  return (
    <label className="orgs-check">
      <input
        type="checkbox"
        data-testid={testId}
        checked={isChecked}
        disabled={isDisabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />{" "}
      <span>
        {label}
        {note && <span className="orgs-quiet"> {note}</span>}
      </span>
    </label>
  );
}
