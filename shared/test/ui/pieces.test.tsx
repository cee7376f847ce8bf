// @vitest-environment happy-dom
import { cleanup, fireEvent, render } from '@testing-library/preact';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Avatar, ChannelIcon, hue, initials, Switch } from '../../src/ui/index.ts';

afterEach(cleanup);

describe('Switch', () => {
  test('says its label, its note and whether it is on', () => {
    const { getByRole } = render(<Switch label="Toasts" note="On this device" checked={true} onChange={vi.fn()} />);
    const toggle = getByRole('switch', { name: 'Toasts' });
    expect(toggle.getAttribute('aria-checked')).toBe('true');
    expect(document.getElementById(toggle.getAttribute('aria-describedby') ?? '')?.textContent).toBe('On this device');
  });

  test('asks for the other state, and leaves it to its owner to change', () => {
    const onChange = vi.fn();
    const { getByRole } = render(<Switch label="Toasts" checked={false} onChange={onChange} />);
    fireEvent.click(getByRole('switch'));
    expect(onChange).toHaveBeenCalledWith(true);
    expect(getByRole('switch').getAttribute('aria-checked')).toBe('false');
  });

  test('does nothing while disabled', () => {
    const onChange = vi.fn();
    const { getByRole } = render(<Switch label="Toasts" checked={false} disabled onChange={onChange} />);
    fireEvent.click(getByRole('switch'));
    expect(onChange).not.toHaveBeenCalled();
  });
});

describe('Avatar', () => {
  test.each([
    ['María González', 'MG'],
    ['Ana', 'A'],
    ['Juan Carlos de la Vega', 'JV'],
    ['דנה לוי', 'דל'],
    ['(Ben) O’Neil', 'BO'],
    ['+34 600 111 222', ''],
    ['🙂', ''],
    ['', ''],
  ])('the initials of "%s" are "%s"', (name, letters) => expect(initials(name)).toBe(letters));

  test('a person without letters gets a silhouette', () => {
    expect(render(<Avatar name={null} />).container.querySelector('svg')).toBeTruthy();
  });

  test('a name has its own hue, always the same', () => {
    expect(hue('Ana')).toBe(hue('Ana'));
    expect(hue('Ana')).not.toBe(hue('Ben'));
  });
});

test('ChannelIcon names the channel unless it stands beside its name', () => {
  expect(render(<ChannelIcon channel="sms" />).getByRole('img', { name: 'SMS' })).toBeTruthy();
  cleanup();
  expect(render(<ChannelIcon channel="sms" decorative />).queryByRole('img')).toBeNull();
});
