import { listFunctions } from './lists.ts'
import { moreFunctions } from './more.ts'
import { networkFunctions } from './network.ts'
import type { Overload } from './overload.ts'
import { quantityFunctions } from './quantity.ts'
import { semverFunctions } from './semver.ts'
import { standardFunctions } from './standard.ts'
import { stringFunctions } from './strings.ts'
import { timeFunctions } from './time.ts'

/** Functions by name; members and others of one name apart. */
export class Functions {
  private readonly byName = new Map<string, Overload[]>()

  constructor(overloads: readonly Overload[], base?: Functions) {
    if (base) for (const [name, list] of base.byName) this.byName.set(name, [...list])
    for (const one of overloads) {
      const key = keyOf(one.name, one.member)
      const list = this.byName.get(key)
      if (list) list.push(one)
      else this.byName.set(key, [one])
    }
  }

  find(name: string, member: boolean): readonly Overload[] | undefined {
    return this.byName.get(keyOf(name, member))
  }
}

const keyOf = (name: string, member: boolean) => `${member ? '.' : ''}${name}`

/** What every expression of Kubernetes may call. */
export const kubernetesFunctions = new Functions([
  ...standardFunctions,
  ...timeFunctions,
  ...stringFunctions,
  ...listFunctions,
  ...quantityFunctions,
  ...networkFunctions,
  ...semverFunctions,
  ...moreFunctions,
])
