"""Words of one's own as pure cores: handwriting (`handwriting`), pinyin (`pinyin`), search by initials (`search`).
Their data are built at set-up (`build`). Nothing is learnt from residents, and nothing written stays."""
