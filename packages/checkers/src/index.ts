export * from './formats/edn-history.ts';
export * from './formats/jepsen-log.ts';
export * from './history.ts';
export * from './linearizability.ts';
export * from './models.ts';
