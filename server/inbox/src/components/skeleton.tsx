/** What loads in a blink shows nothing at all: the shapes appear after a moment only (see the style). */
export function RowsLoading() {
  return (
    <div class="skeleton" role="status" aria-label="Loading chats">
      {[0, 1, 2, 3, 4].map((row) => (
        <div key={row} class="skeleton-row">
          <span class="skeleton-disc" />
          <span class="skeleton-lines">
            <span class="skeleton-line" />
            <span class="skeleton-line" />
          </span>
        </div>
      ))}
    </div>
  );
}

export function ThreadLoading() {
  return (
    <div class="skeleton skeleton-thread" role="status" aria-label="Loading the chat">
      {[0, 1, 2].map((row) => (
        <span key={row} class="skeleton-bubble" />
      ))}
    </div>
  );
}
