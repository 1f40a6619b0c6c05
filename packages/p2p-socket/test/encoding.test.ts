import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  bool, bytes, checkSize, conv, decode, DecodingError, dynamicSize, empty, encode, type Encoding, EncodingError, fixedBytes, int16, int31, int32, int64, list, option,
  optional, string, stringEnum, struct, uint16, uint30, uint8, union, unionCase, variableBytes, variableList
} from '../src/index.ts'
import { hex, unhex } from './cryptos.ts'

// Data_encoding's conventions, each with its bytes. reference/tezos-p2p.md 2.1

/** The value has these bytes, and they have it; cut anywhere and with more behind them they are none; and their end is found at every cut. */
function holds<T> (encoding: Encoding<T>, value: T, wire: string): void {
  const whole = unhex(wire)
  assert.equal(hex(encode(encoding, value)), wire)
  assert.deepEqual(decode(encoding, whole), value)
  if (encoding.kind === 'variable') return
  assert.equal(encoding.endOf(whole, 0), whole.length)
  assert.equal(encoding.endOf(Buffer.concat([whole, unhex('ffff')]), 0), whole.length)
  for (let cut = 0; cut < whole.length; cut++) {
    const end = encoding.endOf(whole.subarray(0, cut), 0)
    assert.ok(end > cut && end <= whole.length, `cut at ${cut} the end is ${end}`)
    assert.throws(() => decode(encoding, whole.subarray(0, cut)), { fault: 'not-enough-data' }, `cut at ${cut}`)
  }
  assert.throws(() => decode(encoding, Buffer.concat([whole, unhex('00')])), { fault: 'extra-bytes' })
}

const person = struct<{ name: string, age: number | undefined, tags: number[] }>({ name: string(), age: optional(uint8), tags: list(uint16, { maxLength: 3 }) })

interface Shape { readonly side?: number, readonly name?: string }
const shape: Encoding<Shape> = union<Shape>([
  unionCase<Shape, number>({ tag: 1, encoding: uint16, project: value => value.side === undefined ? undefined : { inner: value.side }, inject: side => ({ side }) }),
  unionCase<Shape, string>({ tag: 0x0102, encoding: string(), project: value => value.name === undefined ? undefined : { inner: value.name }, inject: name => ({ name }) })
], { tagSize: 'uint16' })

describe('encodings', () => {
  it('of numbers are big-endian', () => {
    holds(uint8, 254, 'fe')
    holds(uint16, 0x1234, '1234')
    holds(int16, -2, 'fffe')
    holds(uint30, 0x3fffffff, '3fffffff')
    holds(int31, -(2 ** 30), 'c0000000')
    holds(int32, -1, 'ffffffff')
    holds(int64, -2n, 'fffffffffffffffe')
    holds(empty, undefined, '')
  })

  it('of booleans are ff and 00; any byte but 0 is true', () => {
    holds(bool, true, 'ff')
    holds(bool, false, '00')
    assert.equal(decode(bool, unhex('01')), true)
  })

  it('of bytes and strings have their length in front, or none when it is fixed or all the rest', () => {
    holds(bytes(), unhex('aabb'), '00000002aabb')
    holds(string(), 'caf\u00e9', '00000004636166e9')
    holds(fixedBytes(2), unhex('aabb'), 'aabb')
    holds(variableBytes, unhex('aabb'), 'aabb')
    holds(bytes(), unhex(''), '00000000')
  })

  it('of lists have the length of their bytes in front, or none when they are all the rest', () => {
    holds(list(uint16, { maxLength: 2 }), [1, 2], '0000000400010002')
    holds(list(string(), { maxLength: 9 }), ['a', ''], '00000009' + '0000000161' + '00000000')
    holds(variableList(uint16, { maxLength: 2 }), [1, 2], '00010002')
    holds(list(uint16, { maxLength: 2 }), [], '00000000')
  })

  it('of choices have a tag, a boolean or an index in front', () => {
    holds(option(uint16), 5, '010005')
    holds(option(uint16), undefined, '00')
    holds(optional(uint16), 5, 'ff0005')
    holds(optional(uint16), undefined, '00')
    holds(stringEnum(['a', 'b']), 'b', '01')
    holds(shape, { side: 7 }, '00010007')
    holds(shape, { name: 'x' }, '01020000000178')
  })

  it('of structures are their fields', () => {
    holds(person, { name: 'ab', age: 7, tags: [1] }, '000000026162' + 'ff07' + '000000020001')
    holds(person, { name: '', age: undefined, tags: [] }, '0000000000' + '00000000')
    holds(struct<{ a: number, rest: Uint8Array }>({ a: uint8, rest: variableBytes }), { a: 1, rest: unhex('0203') }, '010203')
    holds(dynamicSize(struct<{ a: number, rest: Uint8Array }>({ a: uint8, rest: variableBytes })), { a: 1, rest: unhex('0203') }, '00000003010203')
    holds(checkSize(string(), 6), 'ab', '000000026162')
    holds(conv(uint8, { project: (text: string) => text.length, inject: length => 'x'.repeat(length) }), 'xxx', '03')
  })
})

describe('malformed bytes', () => {
  const refuses = <T>(encoding: Encoding<T>, wire: string, fault: DecodingError['fault']): void => {
    assert.throws(() => decode(encoding, unhex(wire)), (error: unknown) => DecodingError.is(error) && error.fault === fault, `${wire} is ${fault}`)
  }

  it('have their name', () => {
    refuses(bytes(), 'ffffffff', 'invalid-int')
    refuses(bytes(), '40000000', 'invalid-int')
    refuses(uint30, '40000000', 'invalid-int')
    refuses(int31, '7fffffff', 'invalid-int')
    refuses(bytes({ maxBytes: 1 }), '00000002aabb', 'size-limit-exceeded')
    refuses(string({ maxBytes: 1 }), '00000002aabb', 'size-limit-exceeded')
    refuses(list(uint16, { maxLength: 1 }), '0000000400010002', 'list-too-long')
    refuses(list(uint16, { maxLength: 9 }), '00000003000100', 'not-enough-data')
    refuses(variableList(uint16, { maxLength: 9 }), '000100', 'not-enough-data')
    refuses(option(uint16), '02', 'unexpected-tag')
    refuses(shape, '0002', 'unexpected-tag')
    refuses(stringEnum(['a', 'b']), '02', 'unexpected-tag')
    refuses(dynamicSize(uint16), '0000000100', 'not-enough-data')
    refuses(dynamicSize(uint16), '00000003000102', 'extra-bytes')
    refuses(dynamicSize(string()), '0000000500000002ab', 'not-enough-data')
    refuses(checkSize(string(), 6), '00000003616263', 'size-limit-exceeded')
    refuses(variableBytesOf(bytes()), '000000', 'not-enough-data')
    refuses(dynamicSize(option(string())), `00000010${'ff'.repeat(16)}`, 'unexpected-tag')
    refuses(conv(uint8, { project: () => 0, inject: () => { throw new Error('no') } }), '00', 'exception-raised-in-user-function')
    refuses(conv(uint8, { project: () => 0, inject: () => { throw new DecodingError('extra-bytes', 'so it says') } }), '00', 'extra-bytes')
    refuses({ ...uint8, coder: { ...uint8.coder, decode: () => { throw new Error('a coder of the user') } } }, '00', 'exception-raised-in-user-function')
    // biome-ignore lint/suspicious/noExplicitAny: what a coder throws may be anything
    refuses({ ...uint8, coder: { ...uint8.coder, decode: () => { throw 'text' as any } } }, '00', 'exception-raised-in-user-function')
  })

  it('that are too large are refused when their length is read', () => {
    for (const encoding of [bytes({ maxBytes: 10 }), string({ maxBytes: 10 }), checkSize(bytes(), 14), checkSize(list(uint8, { maxLength: 99 }), 14)] as const) {
      assert.throws(() => (encoding as Encoding<unknown>).endOf(unhex('0000000b'), 0), { fault: 'size-limit-exceeded' })
      assert.equal((encoding as Encoding<unknown>).endOf(unhex('0000000a'), 0), 14)
    }
  })

  it('of any kind give a decoding error or a value, and nothing else', () => {
    const all = [person, shape, option(person), list(person, { maxLength: 3 }), dynamicSize(shape), checkSize(person, 20)] as ReadonlyArray<Encoding<unknown>>
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(all.length - 1), (wire, index) => {
      const encoding = all[index]
      assert.ok(encoding)
      try {
        assert.equal(hex(encode(encoding, decode(encoding, wire))).length, hex(wire).length)
      } catch (error) {
        if (!DecodingError.is(error)) throw error
      }
    }), { numRuns: 2_000 })
  })
})

function variableBytesOf<T> (inner: Encoding<T>): Encoding<{ inner: T, rest: Uint8Array }> {
  return struct<{ inner: T, rest: Uint8Array }>({ inner, rest: variableBytes })
}

describe('values that cannot be expressed', () => {
  const refuses = <T>(encoding: Encoding<T>, value: NoInfer<T>): void => { assert.throws(() => encode(encoding, value), EncodingError.is) }

  it('are refused', () => {
    for (const value of [-1, 256, 1.5, Number.NaN]) refuses(uint8, value)
    refuses(uint16, 65_536)
    refuses(uint30, 2 ** 30)
    refuses(int31, 2 ** 30)
    refuses(int16, 40_000)
    refuses(int64, 2n ** 63n)
    refuses(fixedBytes(2), unhex('aa'))
    refuses(bytes({ maxBytes: 1 }), unhex('aabb'))
    refuses(string({ maxBytes: 1 }), 'ab')
    refuses(string(), '\u20ac')
    refuses(list(uint8, { maxLength: 1 }), [1, 2])
    refuses(list(uint8, { maxLength: 1 }), [256])
    refuses(stringEnum(['a']), 'b' as never)
    refuses(shape, {})
    refuses(checkSize(string(), 5), 'ab')
    refuses(dynamicSize(uint8), 300)
    refuses(conv(uint8, { project: () => { throw new Error('no') }, inject: () => 0 }), 0)
    // biome-ignore lint/suspicious/noExplicitAny: what a coder throws may be anything
    refuses(conv(uint8, { project: () => { throw 'text' as any }, inject: () => 0 }), 0)
  })
})

describe('encodings that cannot be', () => {
  it('are refused when they are made', () => {
    assert.throws(() => struct<{ a: Uint8Array, b: number }>({ a: variableBytes, b: uint8 }), TypeError)
    assert.throws(() => list(variableBytes, { maxLength: 1 }), TypeError)
    assert.throws(() => variableList(empty, { maxLength: 1 }), TypeError)
    assert.throws(() => union<number>([1, 1].map(tag => unionCase<number, number>({ tag, encoding: uint8, project: inner => ({ inner }), inject: inner => inner }))), TypeError)
    assert.throws(() => stringEnum([]), RangeError)
  })
})

describe('memory', () => {
  it('that is much larger than a value is not held by it', () => {
    const large = Buffer.alloc(10_000)
    large.writeUInt32BE(100, 0)
    const small = decode(bytes(), large.subarray(0, 104))
    assert.equal(small.buffer.byteLength, 100)
    const whole = new Uint8Array(1_004)
    new DataView(whole.buffer).setUint32(0, 1_000)
    assert.equal(decode(bytes(), whole).buffer, whole.buffer)
  })
})
