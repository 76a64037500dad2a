import type { TFunction } from 'i18next'
import type { Action } from '../../bridge/protocol.ts'
import type { Fault } from '../../playground/model.ts'
import type { IconName } from '../design/Icon.tsx'

/** The glyph of what a user did. */
export function actionIcon(action: Action): IconName {
  switch (action.type) {
    case 'apply':
    case 'replace':
    case 'request':
      return 'ui-file'
    case 'delete':
      return 'ui-x'
    case 'scale':
      return 'hpa'
    case 'machine':
      return action.change === 'unplug' || action.change === 'plug'
        ? 'ui-unplug'
        : action.change === 'remove'
          ? 'ui-x'
          : 'ui-power'
    case 'addMachine':
      return 'ui-plus'
    case 'cordon':
      return 'ui-cordon'
    case 'drain':
    case 'evict':
      return 'ui-drain'
    case 'resizeMachine':
      return 'ui-fit'
    case 'terminal':
      return 'ui-term'
    case 'fault':
      return 'ui-warn'
  }
}

/** Keys at a terminal are too many to be looked at one by one; the opening of its session stands for them. */
export function isTyping(action: Action): boolean {
  return action.type === 'terminal' && action.input.do !== 'open'
}

/** What a user did, in a few words. */
export function actionText(action: Action, t: TFunction): string {
  switch (action.type) {
    case 'apply':
      return t('dock.action.apply', { name: action.file })
    case 'replace':
      return t('dock.action.replace', { name: action.object.metadata.name })
    case 'request':
      return t('dock.action.request', { method: action.method, path: action.path.replace(/\?.*$/, '') })
    case 'delete':
      return t('dock.action.delete', { name: action.name })
    case 'scale':
      return t('dock.action.scale', { name: action.name, replicas: action.replicas })
    case 'machine':
      return t(`dock.action.machine.${action.change}`, { name: action.name })
    case 'addMachine':
      return t('dock.action.addMachine', { name: action.machine.name })
    case 'resizeMachine':
      return t('dock.action.resize', { name: action.name })
    case 'drain':
      return t('dock.action.drain', { name: action.name })
    case 'evict':
      return t('dock.action.evict', { name: action.name })
    case 'terminal':
      return t(action.input.do === 'open' ? 'dock.action.shell' : 'dock.action.type', { name: action.pod })
    case 'fault':
      return faultText(action.fault, t)
    case 'cordon':
      return t(action.cordon ? 'dock.action.cordon' : 'dock.action.uncordon', { name: action.name })
  }
}

function faultText(fault: Fault, t: TFunction): string {
  if (fault.on === 'controlPlane') {
    const part = fault.part === 'scheduler' ? 'kube-scheduler' : 'kube-controller-manager'
    return t(fault.isOver ? 'dock.action.startPart' : 'dock.action.stopPart', { part })
  }
  const said = t(`dock.action.fault.${fault.what}`, { name: fault.name })
  return fault.on === 'node' && fault.isOver ? t('dock.action.mended', { what: said }) : said
}
