import { useId } from 'preact/hooks';

export interface SwitchProps {
  label: string;
  /** One line under the label: what the switch changes. */
  note?: string | undefined;
  checked: boolean;
  disabled?: boolean;
  onChange(checked: boolean): void;
}

/** An on/off setting that acts at once. Space and Enter toggle it, as on every button. */
export function Switch({ label, note, checked, disabled = false, onChange }: SwitchProps) {
  const id = useId();
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      aria-checked={checked}
      aria-labelledby={`${id}-label`}
      aria-describedby={note ? `${id}-note` : undefined}
      disabled={disabled}
      onClick={() => onChange(!checked)}
    >
      <span class="switch-words">
        <span class="switch-label" id={`${id}-label`}>
          {label}
        </span>
        {note && (
          <span class="switch-note" id={`${id}-note`}>
            {note}
          </span>
        )}
      </span>
      <span class="switch-track" aria-hidden="true">
        <span class="switch-thumb" />
      </span>
    </button>
  );
}
