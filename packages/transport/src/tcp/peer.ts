import type { Message, NodeId } from '@quorate/interface';
import { MessageDecoder, type MessageEncoder } from '../codec.ts';
import { ProtocolError } from '../errors.ts';
import { FRAME_KINDS } from '../framing.ts';
import type { Address } from '../transport.ts';
import { Backoff, type BackoffOptions } from './backoff.ts';
import { decodeHello, decodeRefusal, encodeHello, type Hello, type Role } from './hello.ts';
import type { LogEvent } from './log.ts';
import { dial, type Wire, type WireOwner, type WireShop } from './wire.ts';

/** What a link needs of the transport that it belongs to. */
export interface PeerHost<M extends Message> {
  readonly id: NodeId;
  readonly shop: WireShop;
  readonly encoder: MessageEncoder<M>;
  readonly maxFrameBytes: number;
  readonly peerBufferBytes: number;
  readonly overflow: 'drop' | 'disconnect';
  readonly backoff: BackoffOptions;
  greeting(role: Role, expects: NodeId): Hello;
  log(event: LogEvent, peer: NodeId | undefined, remote: string | undefined, reason?: string): void;
  deliver(from: NodeId, message: M): void;
  burstEnd(): void;
  /** Has the transport's user told, soon, that a session began or ended. */
  link(link: PeerLink<M>, session: number, up: boolean): void;
}

/**
 * One peer: how to reach it, and the session with it if there is one. There is one connection for both directions. The node
 * with the lower id dials it; the other one only knocks, once, when it starts, so that the first one need not wait for its
 * next attempt.
 */
export class PeerLink<M extends Message> implements WireOwner {
  readonly id: NodeId;
  readonly #host: PeerHost<M>;
  readonly #backoff: Backoff;
  #address: Address | undefined;
  /** The session's connection. */
  #wire: Wire | undefined;
  /** Counts sessions. */
  #session = 0;
  /** Whether the transport's user was told of this session. What it sends before that is meant for an earlier one. */
  #isOpen = false;
  #decoder: MessageDecoder<M>;
  /** How many of the encoder's structures the peer was told in this session. */
  #told = 0;
  #incarnation = 0;
  #upSince = 0;
  #dialling: Wire | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastFailure = '';
  #stopped = false;

  constructor(id: NodeId, host: PeerHost<M>) {
    this.id = id;
    this.#host = host;
    this.#backoff = new Backoff(host.backoff);
    this.#decoder = new MessageDecoder(host.maxFrameBytes);
  }

  get #dials(): boolean {
    return this.#host.id < this.id;
  }

  /** Sets where the peer is, and seeks a session if it is for this node to seek it. */
  reach(address: Address): void {
    const known = this.#address;
    this.#address = address;
    if (known === undefined && !this.#dials) this.#dial('knock');
    else if (known?.host !== address.host || known.port !== address.port) this.dialNow();
  }

  /** Dials without waiting any longer, if that is for this node to do and there is no session. */
  dialNow(): void {
    clearTimeout(this.#timer);
    if (this.#dials && this.#wire === undefined && this.#dialling === undefined) this.#dial('peer');
  }

  send(message: M): void {
    const host = this.#host;
    const wire = this.#wire;
    if (wire === undefined || !this.#isOpen) {
      host.shop.counters.droppedDown++;
      return;
    }
    const frame = host.encoder.encode(message);
    const room = host.peerBufferBytes - frame.length;
    if (wire.pending > room && wire.measure() > room) {
      host.shop.counters.droppedFull++;
      if (host.overflow === 'disconnect')
        wire.destroy(`more than ${host.peerBufferBytes} bytes were not read`);
      return;
    }
    if (this.#told < host.encoder.structureCount) {
      wire.append(host.encoder.structures(this.#told));
      this.#told = host.encoder.structureCount;
    }
    wire.append(frame);
    host.shop.counters.sent++;
  }

  /** The transport's user is being told that a session has begun, and may use it, if it has not ended meanwhile. */
  open(session: number): void {
    this.#isOpen = this.#wire !== undefined && session === this.#session;
  }

  /** Ends the session, if there is one; another is sought. */
  disconnect(reason: string): void {
    this.#wire?.destroy(reason);
  }

  /** Ends all there is with this peer. What was flushed before still goes out. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#dialling?.finish();
    if (this.#wire === undefined) return;
    this.#wire.finish();
    this.#host.log('link-down', this.id, this.#wire.remote, 'stopped');
    this.#end();
  }

  /** Takes a connection on which the peer said hello; the greeting was found in order. Returns why not, or undefined. */
  admit(wire: Wire, hello: Hello): string | undefined {
    if (this.#dials) return `node ${this.#host.id} dials node ${this.id}, not the other way round`;
    const old = this.#wire;
    if (old !== undefined) {
      // The same process has given up its old connection. Another one that claims the same id must wait until that is dead.
      if (hello.incarnation !== this.#incarnation)
        return `node ${this.id} is connected already, from another process at ${old.remote}`;
      old.destroy('replaced by a newer connection');
    }
    wire.append(encodeHello(FRAME_KINDS.welcome, this.#host.greeting('peer', this.id)));
    wire.flush();
    this.#begin(wire, hello.incarnation);
    return undefined;
  }

  onFrame(wire: Wire, kind: number, bytes: Uint8Array, start: number, end: number): void {
    if (wire === this.#dialling) this.#onGreeting(wire, kind, bytes, start, end);
    else if (kind === FRAME_KINDS.message) {
      const message = this.#decoder.decode(bytes, start, end);
      this.#host.deliver(this.id, message);
    } else if (kind === FRAME_KINDS.structures) this.#decoder.addStructures(bytes, start, end);
    else if (kind !== FRAME_KINDS.ping) throw new ProtocolError('shape', `frame of kind ${kind} from a peer`);
  }

  onBurst(): void {
    this.#host.burstEnd();
  }

  onGone(wire: Wire, reason: string, bad: boolean): void {
    if (wire === this.#dialling) {
      this.#dialling = undefined;
      this.#fail('dial-failed', wire.remote, reason);
      return;
    }
    this.#end();
    this.#backoff.lasted(performance.now() - this.#upSince);
    if (bad) this.#host.log('bad-frame', this.id, wire.remote, reason);
    this.#host.log('link-down', this.id, wire.remote, reason);
    this.#retryLater();
  }

  #end(): void {
    this.#wire = undefined;
    this.#isOpen = false;
    this.#host.link(this, this.#session, false);
  }

  #dial(role: 'peer' | 'knock'): void {
    // Nobody waits for a knock's answer; the other end closes it.
    const owner: WireOwner = role === 'peer' ? this : { onFrame() {}, onBurst() {}, onGone() {} };
    const wire = dial(this.#address!, this.#host.shop, owner);
    if (role === 'peer') this.#dialling = wire;
    wire.append(encodeHello(FRAME_KINDS.hello, this.#host.greeting(role, this.id)));
    wire.flush();
  }

  #onGreeting(wire: Wire, kind: number, bytes: Uint8Array, start: number, end: number): void {
    if (kind === FRAME_KINDS.refused) {
      const reason = decodeRefusal(bytes, start, end);
      this.#dialling = undefined;
      wire.finish();
      this.#fail('refused-by', wire.remote, reason);
      return;
    }
    if (kind !== FRAME_KINDS.welcome)
      throw new ProtocolError('shape', `frame of kind ${kind} instead of a welcome`);
    const welcome = decodeHello(bytes, start, end);
    const own = this.#host.greeting('peer', this.id);
    const isRight =
      welcome.node === this.id &&
      welcome.expects === own.node &&
      welcome.cluster === own.cluster &&
      welcome.protocol === own.protocol;
    if (!isRight) throw new ProtocolError('shape', `welcome of node ${welcome.node}, ${welcome.protocol}`);
    this.#dialling = undefined;
    this.#begin(wire, welcome.incarnation);
  }

  #begin(wire: Wire, incarnation: number): void {
    wire.owner = this;
    wire.greeted(this.#host.maxFrameBytes);
    this.#wire = wire;
    this.#incarnation = incarnation;
    this.#decoder = new MessageDecoder(this.#host.maxFrameBytes);
    this.#told = 0;
    this.#upSince = performance.now();
    this.#lastFailure = '';
    this.#host.log('link-up', this.id, wire.remote);
    this.#session++;
    this.#host.link(this, this.#session, true);
  }

  #fail(event: LogEvent, remote: string, reason: string): void {
    if (reason !== this.#lastFailure) this.#host.log(event, this.id, remote, reason);
    this.#lastFailure = reason;
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#stopped || !this.#dials) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.dialNow(), this.#backoff.next());
  }
}
