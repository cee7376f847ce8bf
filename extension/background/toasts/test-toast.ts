import { i18n } from '#i18n';
import type { Result } from '../../messages.ts';
import { createPlainToast, TEST_TOAST } from './toast.ts';
import { checkPermission } from './toast-health.ts';

/** "Send a test notification": a real one. Whether a person saw it, only the person can tell. */
export const showTestToast = async (): Promise<Result<{ permission: 'granted' | 'denied' }>> => {
  const permission = await checkPermission();
  await createPlainToast(TEST_TOAST, { title: i18n.t('toast.testTitle'), message: i18n.t('toast.testText') });
  return { ok: true, permission };
};
