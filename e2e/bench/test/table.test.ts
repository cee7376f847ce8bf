import { describe, expect, test } from 'vitest';
import { withReport } from '../document.ts';
import { highestRate } from '../rate-search.ts';
import { mainTable, type Row, verdict, yearTable } from '../table.ts';

const row = (more: Partial<Row>): Row => ({ what: 'it', unit: 'ms', ours: [], ...more });

describe('the verdict on a row', () => {
  test.each<[string, Partial<Row>, string]>([
    ['nothing asked', { ours: [1] }, ''],
    ['kept', { ours: [4, 5, 9], must: { is: '≤', value: 5 } }, 'met'],
    ['not kept by the median', { ours: [1, 6, 7], must: { is: '≤', value: 5 } }, 'NOT MET'],
    ['at a bound that is exclusive', { ours: [5], must: { is: '<', value: 5 } }, 'NOT MET'],
    ['ambition too', { ours: [3], must: { is: '≤', value: 5 }, ambition: { is: '≤', value: 3 } }, 'ambition met'],
    ['no peer to compare with', { ours: [3], nchan: [], must: { is: '≥', value: 0.6, ofNchan: true } }, 'not compared'],
    [
      'the ratio of each pass, not of the medians',
      { ours: [60, 10, 10], nchan: [100, 10, 100], must: { is: '≥', value: 0.6, ofNchan: true } },
      'met',
    ],
    ['nothing measured', { ours: [Number.NaN], must: { is: '≤', value: 5 } }, 'not compared'],
  ])('%s', (_, more, expected) => {
    expect(verdict(row(more))).toBe(expected);
  });
});

test('what is not met stands out', () => {
  expect(mainTable([row({ ours: [9], must: { is: '≤', value: 5 } })])).toContain('**NOT MET**');
});

test.each<[string, Partial<Row>, string]>([
  ['longer', { ours: [10], year: [20], must: { is: '≤', value: 50 } }, '**2.00** | **NOT MET**'],
  ['fewer', { unit: 'events/s', ours: [20], year: [10], must: { is: '≥', value: 5 } }, '**2.00** | **NOT MET**'],
  ['a little longer', { ours: [10], year: [12], must: { is: '≤', value: 50 } }, '**1.20** | met'],
])('a year makes it so many times worse: %s', (_, more, expected) => {
  expect(yearTable([row(more)])).toContain(expected);
});

describe('the report in the document', () => {
  test('comes to the end of one without marks, and then stays in its place', () => {
    const first = withReport('# Performance\n\nBefore.\n', 'one');
    const second = withReport(`${first}\n## Tried and dropped\n\nMuch.\n`, 'two');
    expect(second).toContain('Before.');
    expect(second).toContain('two');
    expect(second).not.toContain('one');
    expect(second.indexOf('two')).toBeLessThan(second.indexOf('Tried and dropped'));
    expect(second).toContain('Much.');
  });

  test('is not written where a mark is missing', () => {
    const broken = withReport('', 'one').replace(/<!-- … and here. -->/, '');
    expect(() => withReport(broken, 'two')).toThrow('has not both');
  });
});

describe('the search for the highest rate', () => {
  const upTo = (limit: number, tried: number[] = []) =>
    highestRate(async (rate) => {
      tried.push(rate);
      return { p99: rate <= limit ? 50 : 150, client: 0.5 };
    });

  test.each([1_000, 2_999, 15_000])('finds it within a step: %i', async (limit) => {
    const { rate } = await upTo(limit);
    expect(rate).toBeLessThanOrEqual(limit);
    expect(rate! * 1.2).toBeGreaterThan(limit);
  });

  test('says 0 where not even the lowest is held, and the highest where all are', async () => {
    expect((await upTo(1)).rate).toBe(0);
    expect((await upTo(1e9)).rate).toBe(16_000);
  });

  test('is not misled by one hiccup', async () => {
    let runs = 0;
    const { rate } = await highestRate(async (at) => {
      runs += 1;
      return { p99: runs === 3 || at > 4_000 ? 150 : 50, client: 0.5 };
    });
    expect(rate).toBe(4_000);
  });
});
