"""What a resident sees and touches: a page is one module and one .kv of the same name (`pages` lists them), drawn with
`widgets` in the frame of `shell`. The only place that imports Kivy; it shows steps, emits answers, decides nothing."""
