"""The hall's pages for people: the console of clerks, the manager's page, the board, the rating page. Plain forms that
work without a script; scripts keep them live. Nothing is decided here and nothing comes from outside the hall."""
