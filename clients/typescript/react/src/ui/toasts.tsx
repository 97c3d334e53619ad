import { useEffect, useState } from "react";

/** Shows a short message for six seconds. Screen readers announce it. */
export function Toasts({ message }: { message: { text: string; at: number } | null }) {
  const [hidden, setHidden] = useState(0);
  useEffect(() => {
    if (!message) return;
    const timer = setTimeout(() => setHidden(message.at), 6_000);
    return () => clearTimeout(timer);
  }, [message]);
  return (
    <div className="orgs orgs-toast" data-testid="toast" role="status" aria-live="polite">
      {message && message.at > hidden && <p key={message.at}>{message.text}</p>}
    </div>
  );
}
