import type { ChooseBusiness } from '@converso/shared';
import { sameNamed } from '@converso/shared/same-named';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { i18n } from '#i18n';

export interface BusinessChoiceProps {
  email: string;
  businesses: ChooseBusiness['businesses'];
  busy: boolean;
  onChoose(businessId: string): void;
  onBack(): void;
}

/** One email, several businesses: a browser is signed in to one of them. */
export function BusinessChoice({ email, businesses, busy, onChoose, onBack }: BusinessChoiceProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const ambiguous = sameNamed(businesses);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <div class="form">
      <h1 ref={heading} tabIndex={-1}>
        {i18n.t('welcome.chooseTitle')}
      </h1>
      <p class="lead">{i18n.t('welcome.chooseText', [email])}</p>
      <ul class="businesses">
        {businesses.map(({ id, name }) => (
          <li key={id}>
            <button type="button" class="button business" disabled={busy} onClick={() => onChoose(id)}>
              <bdi>{name}</bdi>
              {ambiguous.has(id) && <bdi class="business-id">{id}</bdi>}
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="button button-quiet form-aside" onClick={onBack}>
        {i18n.t('welcome.back')}
      </button>
    </div>
  );
}
