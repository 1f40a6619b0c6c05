import assert from 'node:assert/strict'
import { ConnClosedError, ConnErrorCode, ResourceLimitExceededError, StreamErrorCode, StreamResetError } from '@weir/network'
import { within } from '../within.ts'
import { type MultiplexerCase, muxedCase } from './muxed-case.ts'

/** Error codes on the wire. */
export const codeCases: readonly MultiplexerCase[] = [
  muxedCase('the code of a reset reaches the remote, and both sides know whose it is', async pair => {
    const { near, far } = await pair.stream()
    const reads = [false, true].map((remote, i) => assert.rejects([near, far][i]?.read() ?? Promise.resolve(), error => StreamResetError.is(error) && error.remote === remote && error.errorCode === StreamErrorCode.gated))
    near.resetWithError(StreamErrorCode.gated)
    await within(Promise.all(reads), 'the reads')
  }, { needs: ['codes'] }),
  muxedCase('the code of a limit is decoded to a refusal of the remote', async pair => {
    const { near, far } = await pair.stream()
    const reading = assert.rejects(far.read(), error => ResourceLimitExceededError.is(error) && error.where === 'remote')
    near.resetWithError(StreamErrorCode.resourceLimitExceeded)
    await within(reading, 'the read')
  }, { needs: ['codes'] }),
  muxedCase('the code of a close reaches the remote, and both sides know whose it is', async pair => {
    const ends = [false, true].map((remote, i) => assert.rejects([pair.near, pair.far][i]?.acceptStream() ?? Promise.resolve(), error => ConnClosedError.is(error) && error.remote === remote && error.errorCode === ConnErrorCode.garbageCollected))
    await within(pair.near.closeWithError(ConnErrorCode.garbageCollected), 'closeWithError')
    await within(Promise.all(ends), 'both are told')
  }, { needs: ['codes'] })
]
