import type { InputHTMLAttributes } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

export interface FieldProps {
  input: InputHTMLAttributes<HTMLInputElement>;
  label: string;
  note?: string;
  /** What is wrong with it; the field takes the focus, and screen readers are told. */
  error?: string | undefined;
  /** Changes with every failed try, so that the same error twice is told twice. */
  tries?: number;
  /** Takes the focus when it appears. */
  first?: boolean;
}

/** A labelled input with its error beneath it. */
export function Field({ label, note, error, tries, first, input }: FieldProps) {
  const id = useId();
  const element = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (first) element.current?.focus();
  }, [first]);
  useLayoutEffect(() => {
    if (error && tries !== undefined) element.current?.focus();
  }, [error, tries]);
  const described = [note && `${id}-note`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...input}
        id={id}
        ref={element}
        aria-invalid={error !== undefined}
        {...(described ? { 'aria-describedby': described } : {})}
      />
      {note && (
        <p class="field-note" id={`${id}-note`}>
          {note}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`} role="alert" key={tries}>
          {error}
        </p>
      )}
    </div>
  );
}
