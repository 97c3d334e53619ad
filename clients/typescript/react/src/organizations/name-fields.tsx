import { type Failure, fieldError } from "../failure.ts";
import { useOrganizations } from "../provider.tsx";
import { TextArea, TextField } from "../ui/fields.tsx";

interface NameFieldsProps {
  /** Begins the test ids: `org` or `settings`. */
  testId: string;
  hint?: string;
  failure: Failure | null;
  name: string;
  onName: (name: string) => void;
  description: string;
  onDescription: (description: string) => void;
}

/** The fields for the name and the description of an organization. */
export function NameFields({
  testId,
  hint,
  failure,
  name,
  onName,
  description,
  onDescription,
}: NameFieldsProps) {
  const { texts: t } = useOrganizations();
  return (
    <>
      <TextField
        testId={`${testId}-name`}
        label={t.orgs.name}
        hint={hint}
        error={fieldError(failure, "/name", t)}
        isRequired
        maxLength={64}
        value={name}
        onChange={onName}
      />
      <TextArea
        testId={`${testId}-description`}
        label={t.orgs.description}
        error={fieldError(failure, "/description", t)}
        rows={2}
        maxLength={500}
        value={description}
        onChange={onDescription}
      />
    </>
  );
}
