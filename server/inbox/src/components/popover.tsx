import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { usePopover } from './use-popover.ts';

export interface PopoverProps {
  /** What the button shows. */
  button: ComponentChildren;
  buttonClass: string;
  /** Names the button where what it shows does not. */
  buttonLabel?: string;
  /** Names the panel. */
  label: string;
  panelClass: string;
  /** A list of acts (`menuitem`s), rather than a little page. */
  menu?: boolean;
  disabled?: boolean;
  children: (close: () => void) => ComponentChildren;
}

/** A button, and a panel that opens under it. */
export function Popover(props: PopoverProps) {
  const { button, buttonClass, buttonLabel, label, panelClass, menu = false, disabled = false, children } = props;
  const popover = usePopover(menu);
  const id = useId();
  const panel = { id, class: `panel ${panelClass}`, 'aria-label': label };
  return (
    <div class="popover" ref={popover.box}>
      <button
        type="button"
        ref={popover.button}
        class={buttonClass}
        aria-label={buttonLabel}
        aria-haspopup={menu ? 'menu' : 'dialog'}
        aria-expanded={popover.open}
        aria-controls={popover.open ? id : undefined}
        disabled={disabled}
        onClick={popover.toggle}
      >
        {button}
      </button>
      {popover.open &&
        (menu ? (
          <div {...panel} role="menu">
            {children(popover.close)}
          </div>
        ) : (
          <div {...panel} role="dialog" tabIndex={-1}>
            {children(popover.close)}
          </div>
        ))}
    </div>
  );
}
