"""A hall's day in fast time: residents, clerks and mishaps from a seed, over the code that ships, on a clock that is
moved; and the watcher of the promises, who stands outside and believes nothing."""
