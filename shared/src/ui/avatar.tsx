import type { ComponentChildren } from 'preact';

/** The first letters of the first and last word; nothing where the name has no letters (a number, a smiley). */
export function initials(name: string): string {
  const letters = name
    .split(/\s+/u)
    .map((word) => /\p{L}/u.exec(word)?.[0])
    .filter((letter) => letter !== undefined);
  return [letters[0], letters.length > 1 ? letters.at(-1) : undefined].join('').toLocaleUpperCase();
}

/** A hue of the colour circle, the same for the same name everywhere. */
export function hue(name: string): number {
  let hash = 0;
  for (const char of name) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 360;
  return hash;
}

/** A disc with the person's initials, or a silhouette for somebody without a name. Never read aloud: the name stands beside it. */
export function Avatar({ name, children }: { name: string | null; children?: ComponentChildren }) {
  const letters = name ? initials(name) : '';
  return (
    <span
      class={letters ? 'avatar' : 'avatar avatar-unknown'}
      style={name ? { '--tint': hue(name) } : undefined}
      aria-hidden="true"
    >
      {letters || (
        <svg width="20" height="20" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
          <circle cx="12" cy="8" r="4" />
          <path d="M4 20c0-4.4 3.600-7 8-7s8 2.600 8 7Z" />
        </svg>
      )}
      {children}
    </span>
  );
}
