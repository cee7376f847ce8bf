/** Runs one task after another, in the order they were given; a task that fails does not hold up the next. */
export type Queue = <Value>(task: () => Promise<Value>) => Promise<Value>;

export const createQueue = (): Queue => {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const mine = last.then(task);
    last = mine.catch(() => undefined);
    return mine;
  };
};
