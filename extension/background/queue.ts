/** Runs one task after another, in the order they were given. A task that fails does not hold up the next. */
export interface Queue {
  /** Resolves or rejects as the task does, once its turn has come. */
  run<Value>(task: () => Promise<Value>): Promise<Value>;
}

export const createQueue = (): Queue => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run: (task) => {
      const mine = last.then(task);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
};
