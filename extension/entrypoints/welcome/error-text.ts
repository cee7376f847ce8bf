import { i18n } from '#i18n';
import type { Failure } from '../../messages.ts';

/** Why a step of signing in did not work, and what to do about it. */
export function errorText(failure: Failure, server: string): string {
  switch (failure.error) {
    case 'unreachable':
      return i18n.t('welcome.error.unreachable', [new URL(server).host]);
    case 'too_many':
      return i18n.t('welcome.error.too_many', Math.max(1, Math.ceil(failure.retryAfterSeconds / 60)));
    case 'wrong_code':
      return i18n.t('welcome.error.wrong_code');
    case 'failed':
      return i18n.t('welcome.error.failed', [failure.detail]);
    default:
      return i18n.t('welcome.error.failed', [failure.error]);
  }
}
