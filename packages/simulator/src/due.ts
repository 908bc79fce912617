/** The kinds of events in the queue of a simulation. */
export const DUE = {
  deliver: 0,
  request: 1,
  response: 2,
  wake: 3,
  disk: 4,
  turn: 5,
  fault: 6,
  link: 7,
  clientTimer: 8,
  arrival: 9,
  restart: 10,
  loadTurn: 11,
  ask: 12,
  write: 13,
} as const;
