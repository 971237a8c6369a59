/** A running party. `kill` takes it down at once, as a power cut would: nothing is said to peers. */
export interface Running {
  kill(): void;
}

/** Starts, kills and restarts parties; what survives is what their stores hold. */
export interface Tasks {
  start(name: string, boot: () => Running): void;
  kill(name: string): void;
  /** Boots the party again from its stores; kills it first when it runs. */
  restart(name: string): void;
  killAll(): void;
}

/** In-process supervisor; both worlds use it, since every party is an object of the process. */
export function createTasks(): Tasks {
  const boots = new Map<string, () => Running>();
  const running = new Map<string, Running>();
  const kill = (name: string): void => {
    running.get(name)?.kill();
    running.delete(name);
  };
  return {
    start(name, boot) {
      kill(name);
      boots.set(name, boot);
      running.set(name, boot());
    },
    kill,
    restart(name) {
      const boot = boots.get(name);
      kill(name);
      if (boot !== undefined) running.set(name, boot());
    },
    killAll() {
      for (const name of running.keys()) kill(name);
    },
  };
}
