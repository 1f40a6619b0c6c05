import type { ByteReader } from './byte-reader.ts'
import type { Library, StreamEnd } from './library.ts'

/** Reads all there is, and tells how it ended. */
export async function endOf (reader: ByteReader, library: Pick<Library, 'how'>, take: (data: Uint8Array) => void): Promise<StreamEnd> {
  try {
    await reader.each(take)
    return { how: 'end' }
  } catch (error) {
    return library.how(error)
  }
}
