import { counts, VIEWS, view } from '../lists.ts';
import { VIEW_LABELS, VIEW_NOTES } from '../words.ts';

export function Views() {
  return (
    <nav class="views" aria-label="Views">
      {VIEWS.map((name) => (
        <button
          key={name}
          type="button"
          class="view"
          aria-current={view.value === name ? 'true' : undefined}
          title={VIEW_NOTES[name]}
          onClick={() => {
            view.value = name;
          }}
        >
          <span class="view-name">{VIEW_LABELS[name]}</span>
          {counts.value && <span class="view-count">{counts.value[name]}</span>}
        </button>
      ))}
    </nav>
  );
}
