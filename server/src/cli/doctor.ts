import { action, command } from './command.ts';
import { examine, type Finding } from './examine.ts';
import { table } from './output.ts';

const MARK = { ok: '✓', note: '·', wrong: '✗' } as const;
const rowOf = ({ check, verdict, detail }: Finding) => ({ '': MARK[verdict], check, detail });

export const doctorCommand = command(
  'doctor',
  'check configuration, store, mail and machine; exit code 1 if something is wrong',
).action(
  action(async () => {
    const findings = examine(process.env);
    const wrong = findings.filter(({ verdict }) => verdict === 'wrong').length;
    const result = { json: { ok: wrong === 0, checks: findings }, text: table(findings.map(rowOf), '') };
    return wrong === 0 ? result : { ...result, failed: `${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong.` };
  }),
);
