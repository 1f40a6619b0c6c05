import { type ByteReader, ConnectionClosedError } from '@weir/io-scheduler'
import { BoxSplitter } from './box-splitter.ts'
import type { Channel } from './channel.ts'
import type { CostQueue, Ledger } from './cost-queue.ts'
import { INCOMING_MESSAGE_COST_BYTES } from './defaults.ts'
import type { MessageDecoder, SizedMessage } from './message-decoder.ts'
import { TAG_BYTES } from './p2p-crypto.ts'

export interface MessageReaderInit<Message> {
  readonly reader: ByteReader
  readonly channel: Channel
  readonly decoder: MessageDecoder<Message>
  readonly queue: CostQueue<SizedMessage<Message>>
  readonly ledger: Ledger
}

/**
 * Fills a queue with the messages that come in. While the queue is full the connection is not read, so that the sender waits.
 *
 * @returns never: it throws what ends the connection
 */
export async function readMessages<Message> ({ reader, channel, decoder, queue, ledger }: MessageReaderInit<Message>): Promise<never> {
  const splitter = new BoxSplitter()
  let heldBytes = 0
  // Straight to where the message is put together, unless nothing is held and the box may be kept.
  const decrypt = (box: Uint8Array, isLent: boolean): void => {
    if (!isLent && decoder.heldBytes === 0) {
      decoder.push(channel.open(box))
      return
    }
    const bytes = box.length - TAG_BYTES
    channel.open(box, decoder.room(bytes))
    decoder.added(bytes)
  }
  for (;;) {
    const bytes = await reader.next()
    if (bytes === undefined) throw new ConnectionClosedError('peer')
    splitter.push(bytes)
    for (let box = splitter.next(); box !== undefined; box = splitter.next()) {
      decrypt(box, splitter.isLent)
      for (let each = decoder.next(); each !== undefined; each = decoder.next()) {
        const cost = each.sizeBytes + INCOMING_MESSAGE_COST_BYTES
        if (!queue.tryAdd(each, cost)) await queue.add(each, cost)
      }
      if (decoder.heldBytes > heldBytes) ledger.reserve(decoder.heldBytes - heldBytes)
      else if (decoder.heldBytes < heldBytes) ledger.release(heldBytes - decoder.heldBytes)
      heldBytes = decoder.heldBytes
    }
  }
}
