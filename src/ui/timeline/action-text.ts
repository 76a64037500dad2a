import type { TFunction } from 'i18next'
import type { Action } from '../../bridge/protocol.ts'
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
  }
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
    case 'cordon':
      return t(action.cordon ? 'dock.action.cordon' : 'dock.action.uncordon', { name: action.name })
  }
}
