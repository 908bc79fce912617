import { describe, expect, it } from 'vitest';
import { MembersError, membershipOf, parseMembers } from '../src/index.ts';

const node = (id: unknown, port: unknown = 7000 + Number(id), host: unknown = '127.0.0.1') => ({
  id,
  host,
  port,
});
const file = (...nodes: unknown[]) => JSON.stringify({ cluster: 'demo', nodes });

describe('a members file', () => {
  it('names the cluster and its nodes', () => {
    const members = parseMembers(file(node(1), node(2), node(7)), 'members.json');
    expect(members).toEqual({ cluster: 'demo', nodes: [node(1), node(2), node(7)] });
    expect(membershipOf(members)).toEqual({ voters: [1, 2, 7], learners: [], observers: [] });
  });

  it.each([
    ['{ "cluster"', /^m\.json: is not JSON: /],
    ['[1]', 'm.json: the file: [1] is not an object'],
    ['null', 'm.json: the file: null is not an object'],
    ['{"nodes":[]}', 'm.json: cluster: is missing'],
    ['{"cluster":"","nodes":[]}', 'm.json: cluster: is empty'],
    ['{"cluster":5,"nodes":[]}', 'm.json: cluster: 5 is not a text'],
    [JSON.stringify({ cluster: 'x'.repeat(256), nodes: [] }), 'm.json: cluster: is longer than 255 bytes'],
    ['{"cluster":"demo"}', 'm.json: nodes: is missing'],
    ['{"cluster":"demo","nodes":{}}', 'm.json: nodes: {} is not a list'],
    ['{"cluster":"demo","nodes":[]}', 'm.json: nodes: is empty'],
    ['{"cluster":"demo","nods":[]}', 'm.json: nods: is unknown; allowed are cluster, nodes'],
    [file(3), 'm.json: nodes[0]: 3 is not an object'],
    [file({ host: 'a', port: 1 }), 'm.json: nodes[0].id: is missing'],
    [file({ id: 1, port: 1 }), 'm.json: nodes[0].host: is missing'],
    [file({ id: 1, host: 'a' }), 'm.json: nodes[0].port: is missing'],
    [file({ ...node(1), name: 'x' }), 'm.json: nodes[0].name: is unknown; allowed are id, host, port'],
    [file(node(0, 7000)), 'm.json: nodes[0].id: 0 is not a whole number from 1 to 65535'],
    [file(node(1.5, 7000)), 'm.json: nodes[0].id: 1.5 is not a whole number from 1 to 65535'],
    [file(node('1', 7000)), 'm.json: nodes[0].id: "1" is not a whole number from 1 to 65535'],
    [file(node(1, 0)), 'm.json: nodes[0].port: 0 is not a whole number from 1 to 65535'],
    [file(node(1, 65536)), 'm.json: nodes[0].port: 65536 is not a whole number from 1 to 65535'],
    [file(node(1, '7001')), 'm.json: nodes[0].port: "7001" is not a whole number from 1 to 65535'],
    [file(node(1, 7001, '')), 'm.json: nodes[0].host: is empty'],
    [file(node(1), node(2), node(1, 7009)), 'm.json: nodes[2].id: 1 is also the id of nodes[0]'],
    [file(node(1), node(2, 7001)), 'm.json: nodes[1]: 127.0.0.1:7001 is also the address of nodes[0]'],
  ])('%s is refused', (text, message) => {
    const read = () => parseMembers(text, 'm.json');
    expect(read).toThrow(MembersError);
    if (typeof message === 'string') expect(read).toThrow(new MembersError(message));
    else expect(read).toThrow(message);
  });
});
