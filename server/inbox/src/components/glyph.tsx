/** Small line drawings on a 16 × 16 grid, in the text's colour. Decoration: the words stand beside them. */
const PATHS = {
  back: 'M10 3 5 8l5 5',
  chevron: 'm4.5 6.5 3.5 3.5 3.5-3.5',
  down: 'M8 3v9m-4-4 4 4 4-4',
  clip: 'm13 7.5-5 5a3 3 0 0 1-4.3-4.3l5.3-5.2a2 2 0 0 1 2.9 2.9l-5.2 5.2a1 1 0 0 1-1.5-1.5L10 5',
  lock: 'M5 7.5V5.5a3 3 0 0 1 6 0v2m-7 0h8v6H4z',
  close: 'm4 4 8 8m0-8-8 8',
  check: 'm3.5 8.5 3 3 6-7',
  spark: 'M8 2.5c.4 3.4 2.1 5.1 5.5 5.5-3.4.4-5.1 2.1-5.5 5.5C7.6 10.1 5.9 8.4 2.5 8 5.9 7.6 7.6 5.9 8 2.5Z',
} as const;

export function Glyph({ name, size = 16 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg
      class="glyph"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
