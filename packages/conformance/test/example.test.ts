import { single } from '@quorate/interface/single';
import { conformance } from '../src/index.ts';

// The example of the index, with a protocol that exists.
conformance(single, { seeds: 10, milliseconds: 10_000 });
