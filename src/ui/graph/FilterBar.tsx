import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../design/Icon.tsx'
import { useKeys } from '../state/cluster-store.ts'
import { loadAreas } from '../i18n/i18n.ts'
import { FilterWords } from './FilterWords.tsx'
import type { GraphFilter, StateFilter } from './graph-filter.ts'
import { layers, setFilter, setLayer, useLens } from './lens-store.ts'
import { usePodCounts } from './live-pods.ts'
import { podLooks, podStateOrder } from './pod-states.ts'
import './live-near.ts'
import './filter-bar.css'

await loadAreas('lenses')

/** What of the cluster is wanted: namespaces, a state, words; and which edges are drawn. */
export function FilterBar() {
  const filter = useLens((state) => state.filter)
  return (
    <div className="filters">
      <Namespaces filter={filter} />
      <States filter={filter} />
      <FilterWords filter={filter} />
      <Layers />
    </div>
  )
}

function Namespaces({ filter: { namespaces } }: { filter: GraphFilter }) {
  const { t } = useTranslation()
  const known = useKeys('namespaces')
  const all = [...new Set([...known, ...namespaces])].sort()
  const toggle = (name: string, isOn: boolean) =>
    setFilter({ namespaces: isOn ? [...namespaces, name] : namespaces.filter((each) => each !== name) })
  return (
    <Chip
      icon="namespace"
      name={t('lenses.filter.namespaces')}
      text={namespaces.length ? namespaces.join(', ') : t('lenses.filter.allNamespaces')}
      onClear={namespaces.length ? () => setFilter({ namespaces: [] }) : undefined}
    >
      {all.map((name) => (
        <DropdownMenu.CheckboxItem
          key={name}
          className="item"
          checked={namespaces.includes(name)}
          onCheckedChange={(isOn) => toggle(name, isOn)}
          onSelect={(event) => event.preventDefault()}
        >
          <Tick />
          {name}
        </DropdownMenu.CheckboxItem>
      ))}
    </Chip>
  )
}

function States({ filter: { state } }: { filter: GraphFilter }) {
  const { t } = useTranslation()
  const counts = usePodCounts()
  const notRunning = [...counts].reduce(
    (sum, [each, count]) => (each === 'Running' || each === 'Completed' ? sum : sum + count),
    0,
  )
  const countOf = (wanted: StateFilter) => (wanted === 'NotRunning' ? notRunning : (counts.get(wanted) ?? 0))
  const word = state === 'NotRunning' ? t('lenses.filter.notRunning') : state
  return (
    <Chip
      icon="s-notready"
      name={t('lenses.filter.state')}
      text={word ?? t('lenses.filter.anyState')}
      count={state ? countOf(state) : undefined}
      onClear={state ? () => setFilter({ state: null }) : undefined}
    >
      <DropdownMenu.RadioGroup
        value={state ?? ''}
        onValueChange={(value) => setFilter({ state: (value || null) as StateFilter | null })}
      >
        <StateItem value="" text={t('lenses.filter.anyState')} />
        <StateItem
          value="NotRunning"
          text={t('lenses.filter.notRunning')}
          icon="s-notready"
          tone="warn"
          count={notRunning}
        />
        <DropdownMenu.Separator className="separator" />
        {podStateOrder
          .filter((each) => each === state || counts.has(each))
          .map((each) => (
            <StateItem
              key={each}
              value={each}
              text={each}
              icon={podLooks[each].icon}
              tone={podLooks[each].tone}
              count={countOf(each)}
            />
          ))}
      </DropdownMenu.RadioGroup>
    </Chip>
  )
}

function StateItem(props: { value: string; text: string; icon?: IconName; tone?: string; count?: number }) {
  const { value, text, icon, tone, count } = props
  return (
    <DropdownMenu.RadioItem className="item" value={value}>
      <Tick />
      {icon && (
        <span className={`c-${tone}`}>
          <Icon name={icon} size={13} />
        </span>
      )}
      {text}
      <span className="grow" />
      {count !== undefined && <span className="faint">{count}</span>}
    </DropdownMenu.RadioItem>
  )
}

function Layers() {
  const { t } = useTranslation()
  const lens = useLens((state) => state.lens)
  const isOn = useLens((state) => state.layers)
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button
          type="button"
          className="chip icon"
          aria-label={t('lenses.filter.layers')}
          title={t('lenses.filter.layers')}
        >
          <Icon name="ui-layers" size={14} />
        </button>
      </DropdownMenu.Trigger>
      <Menu>
        {layers.map((layer) => (
          <DropdownMenu.CheckboxItem
            key={layer}
            className="item"
            checked={isOn[layer]}
            onCheckedChange={(checked) => setLayer(layer, checked)}
            onSelect={(event) => event.preventDefault()}
          >
            <Tick />
            <svg width="22" height="8" aria-hidden="true">
              <path className={`e ${layer}`} d="M1 4h20" />
            </svg>
            {t(`lenses.filter.${layer}`)}
          </DropdownMenu.CheckboxItem>
        ))}
        <DropdownMenu.Separator className="separator" />
        <DropdownMenu.Item
          className="item"
          onSelect={() => void import('./lenses/live-scene.ts').then(({ arrangeAnew }) => arrangeAnew(lens))}
        >
          <Icon name="ui-undo" size={13} />
          {t('lenses.filter.anew')}
        </DropdownMenu.Item>
      </Menu>
    </DropdownMenu.Root>
  )
}

function Menu({ children }: { children: ReactNode }) {
  return (
    <DropdownMenu.Portal>
      <DropdownMenu.Content className="pop graph-menu" align="end" sideOffset={4} collisionPadding={8}>
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  )
}

function Tick() {
  return (
    <span className="tick">
      <DropdownMenu.ItemIndicator>
        <Icon name="ui-check" size={12} />
      </DropdownMenu.ItemIndicator>
    </span>
  )
}

interface ChipProps {
  icon: IconName
  name: string
  text: string
  count?: number | undefined
  onClear: (() => void) | undefined
  children: ReactNode
}

/** A chip with a menu, and a cross to take its filter away. */
function Chip({ icon, name, text, count, onClear, children }: ChipProps) {
  const { t } = useTranslation()
  return (
    <span className={onClear ? 'chip on' : 'chip'}>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <button type="button" className="open" aria-label={`${name}: ${text}`}>
            <Icon name={icon} size={13} />
            <b className="ell">{text}</b>
            {count}
          </button>
        </DropdownMenu.Trigger>
        <Menu>{children}</Menu>
      </DropdownMenu.Root>
      {onClear && (
        <button type="button" className="clear" aria-label={t('lenses.filter.clear', { name: text })} onClick={onClear}>
          <Icon name="ui-x" size={11} />
        </button>
      )}
    </span>
  )
}
