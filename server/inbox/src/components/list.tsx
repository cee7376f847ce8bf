import { useRef } from 'preact/hooks';
import { list, view } from '../lists.ts';
import { EMPTY, VIEW_LABELS, VIEW_NOTES } from '../words.ts';
import { Empty } from './empty.tsx';
import { Row } from './row.tsx';
import { RowsLoading } from './skeleton.tsx';
import { useListKeys } from './use-list-keys.ts';

export function ConversationList() {
  const rows = list.value;
  const box = useRef<HTMLUListElement>(null);
  useListKeys(box);
  return (
    <section class="list" aria-labelledby="list-title">
      <div class="list-head">
        <h2 id="list-title">{VIEW_LABELS[view.value]}</h2>
        <p>{VIEW_NOTES[view.value]}</p>
      </div>
      {rows === undefined && <RowsLoading />}
      {rows?.length === 0 && <Empty {...EMPTY[view.value]} />}
      {rows && rows.length > 0 && (
        <ul class="rows" ref={box}>
          {rows.map((conversation) => (
            <Row key={conversation.id} conversation={conversation} />
          ))}
        </ul>
      )}
    </section>
  );
}
