import { smokeTest } from '@quorate/cluster';
import { onRealDisks } from '@quorate/conformance';
import { raft } from '@quorate/raft';
import { twoPhaseCommit } from '@quorate/two-phase-commit';

// Here, since the protocols' own packages would close a circle with the cluster's, whose tests run them.
for (const protocol of [raft, twoPhaseCommit]) onRealDisks(protocol, smokeTest);
