import { i18n } from '#i18n';
import type { Failure } from '../../messages.ts';

/** Why nothing was changed, for the agent. */
export function failureText(failure: Failure): string {
  switch (failure.error) {
    case 'unreachable':
      return i18n.t('popup.failure.unreachable');
    case 'too_many':
      return i18n.t('popup.failure.too_many', Math.max(1, Math.ceil(failure.retryAfterSeconds / 60)));
    case 'signed_out':
      return i18n.t('popup.failure.signed_out');
    default:
      return i18n.t('popup.failure.failed');
  }
}
