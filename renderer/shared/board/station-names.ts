/** @file Stations by name. Reads the documents. */
import { useMemo } from 'react'
import { useDocument } from '../hooks.ts'

/** Names a station; one that no document knows goes by its id. */
export function useStationName(): (id: string) => string {
  const { stations } = useDocument('stations').body
  return useMemo(() => {
    const names = new Map(stations.map((station) => [station.id, station.name]))
    return (id: string) => names.get(id) ?? (id === 'expo' ? 'Expo' : id)
  }, [stations])
}
