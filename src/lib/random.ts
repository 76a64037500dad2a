import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

/** A seeded source of randomness whose state is data. */
export interface Random {
  /** An integer in [0, bound). */
  below(bound: number): number
  /** A number in [0, 1). */
  unit(): number
  state(): readonly number[]
}

type Generator = ReturnType<typeof xoroshiro128plus>

function wrap(generator: Generator): Random {
  const unit = () => (generator.next() >>> 0) / 0x1_0000_0000
  return { below: (bound) => Math.floor(unit() * bound), unit, state: () => generator.getState() }
}

export function seededRandom(seed: number): Random {
  return wrap(xoroshiro128plus(seed))
}

export function restoredRandom(state: readonly number[]): Random {
  return wrap(xoroshiro128plusFromState(state))
}
