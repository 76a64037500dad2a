import { Dialog } from 'radix-ui'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { clusterStore } from '../../state/cluster-store.ts'
import { formatBytes, formatCores } from '../node-summary.ts'
import { openMachineDialog, type MachineQuestion } from '../machine-dialog-store.ts'
import { loadAreas } from '../../i18n/i18n.ts'
import { actAll } from './Item.tsx'
import {
  machinesOfForm,
  mostAtOnce,
  nextNames,
  nextZone,
  sizeProblem,
  type FormProblem,
  type MachineForm,
} from './machine-shapes.ts'

await loadAreas('lenses')

/** Asks for new machines, or for another size of one. The cluster has them at once, before or after anything is applied. */
export function MachineDialog({ question }: { question: MachineQuestion }) {
  const { t } = useTranslation()
  const [form, setForm] = useState(() => formFor(question))
  const [problem, setProblem] = useState<FormProblem>()
  const isResize = question.mode === 'resize'
  const close = () => openMachineDialog(null)

  function submit(event: FormEvent) {
    event.preventDefault()
    if (isResize) {
      const wrong = sizeProblem(form)
      if (wrong) return setProblem(wrong)
      void actAll([{ type: 'resizeMachine', name: question.name, cpu: form.cpu, memory: form.memory }])
      return close()
    }
    const found = machinesOfForm(form, new Set(clusterStore.getState().machineNames))
    if ('problem' in found) return setProblem(found.problem)
    void actAll(found.machines.map((machine) => ({ type: 'addMachine', machine })))
    close()
  }

  const field = (
    name: keyof MachineForm,
    more: { placeholder?: string; list?: string; inputMode?: 'numeric' } = {},
  ) => {
    const isWrong = problem === name || (name === 'name' && problem === 'taken')
    return (
      <label className={`field f-${name}`}>
        <span>{t(`lenses.machine.${name}`)}</span>
        <input
          className={isWrong ? 'input err' : 'input'}
          value={form[name]}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={isWrong}
          aria-describedby={isWrong ? 'machine-problem' : undefined}
          onChange={(event) => {
            setProblem(undefined)
            setForm({ ...form, [name]: event.target.value })
          }}
          {...more}
        />
      </label>
    )
  }
  const title = isResize
    ? t('lenses.machine.resizeTitle', { name: question.name })
    : question.mode === 'addZone'
      ? t('lenses.machine.zoneTitle')
      : t('lenses.machine.addTitle')
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="pop dialog machine-dialog" aria-describedby={undefined}>
          <Dialog.Title className="dialog-title">{title}</Dialog.Title>
          <form className="stack" onSubmit={submit} noValidate>
            <div className="fields">
              {question.mode === 'addZone' && field('zone')}
              {!isResize && (
                <>
                  {field('name')}
                  {field('count', { inputMode: 'numeric' })}
                </>
              )}
              {question.mode === 'add' && field('zone', { list: 'known-zones' })}
              {field('cpu')}
              {field('memory')}
              {!isResize && (
                <>
                  {field('taints', { placeholder: 'dedicated=gpu:NoSchedule' })}
                  {field('labels', { placeholder: 'disk=ssd' })}
                </>
              )}
            </div>
            <datalist id="known-zones">
              {zonesNow().map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
            <p className="problem" id="machine-problem" role="alert">
              {problem && t(`lenses.machine.problem.${problem}`, { most: mostAtOnce })}
            </p>
            <div className="row end">
              <button type="button" className="btn" onClick={close}>
                {t('lenses.machine.cancel')}
              </button>
              <button type="submit" className="btn ink">
                {isResize ? t('lenses.machine.resize') : t('lenses.machine.add')}
              </button>
            </div>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function zonesNow(): string[] {
  return [
    ...new Set([...clusterStore.getState().machines.values()].map((machine) => machine.zone).filter(Boolean)),
  ].sort()
}

/** As large as the last one that is there, in the zone that has the fewest. */
function formFor(question: MachineQuestion): MachineForm {
  const { machines, machineNames } = clusterStore.getState()
  const like = (question.mode === 'resize' && machines.get(question.name)) || [...machines.values()].at(-1)
  const cpu = like ? formatCores(like.milliCPU) : '4'
  const memory = like ? formatBytes(like.memoryBytes) : '8Gi'
  const [name = 'node-1'] = nextNames(machineNames.at(-1) ?? 'node-1', 1, new Set(machineNames))
  const count = (zone: string) => [...machines.values()].filter((machine) => machine.zone === zone).length
  const zones = zonesNow()
  const smallest = [...zones].sort((a, b) => count(a) - count(b))[0] ?? ''
  const zone =
    question.mode === 'addZone' ? nextZone(zones) : question.mode === 'add' ? (question.zone ?? smallest) : ''
  return { name, count: '1', zone, cpu, memory, taints: '', labels: '' }
}
