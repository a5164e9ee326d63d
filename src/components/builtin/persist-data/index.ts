import { component } from '@prismatic-io/spectral';
import { LEVELS, type Level } from './levels';
import {
  addValueToSet,
  appendValuesToList,
  appendValueToList,
  removeValueFromList,
  removeValueFromSet,
} from './list-actions';
import { decrementValue, incrementValue, saveCurrentTime } from './number-actions';
import { getUsage } from './usage';
import { clearState, getValue, listKeys, removeValue, saveValue } from './value-actions';

const actionsOf = (level: Level) => ({
  [`add${level.name}ValueToSet`]: addValueToSet(level),
  [`append${level.name}ValuesToList`]: appendValuesToList(level),
  [`append${level.name}ValueToList`]: appendValueToList(level),
  [`remove${level.name}State`]: clearState(level),
  [`decrement${level.name}Value`]: decrementValue(level),
  [`get${level.name}Value`]: getValue(level),
  [`increment${level.name}Value`]: incrementValue(level),
  [`list${level.name}Keys`]: listKeys(level),
  [`remove${level.name}Value`]: removeValue(level),
  [`remove${level.name}ValueFromList`]: removeValueFromList(level),
  [`remove${level.name}ValueFromSet`]: removeValueFromSet(level),
  [`save${level.name}CurrentTime`]: saveCurrentTime(level),
  [`save${level.name}Value`]: saveValue(level),
});

export default component({
  key: 'persist-data',
  display: {
    label: 'Persist Data',
    description: 'Keeps values for later steps, later runs and other flows.',
    category: 'Helpers',
    iconPath: '',
  },
  actions: Object.assign({ getUsage }, ...LEVELS.map(actionsOf)) as ReturnType<typeof actionsOf>,
});
