import { CelCostError } from './values.ts'

/** What is left to spend. Every step costs; so does going through lists and texts. */
export class Meter {
  remaining: number

  constructor(budget: number) {
    this.remaining = budget
  }

  readonly step = (): void => {
    if (--this.remaining < 0) throw new CelCostError()
  }

  charge(cost: number): void {
    this.remaining -= cost
    if (this.remaining < 0) throw new CelCostError()
  }

  /** A text that was made or read. */
  text(value: string): string {
    this.charge(1 + value.length / 10)
    return value
  }
}

/** Upstream: PerCallLimit and RuntimeCELCostBudget, of apiserver/pkg/apis/cel. */
export const perCallLimit = 1_000_000
export const requestBudget = 10_000_000
