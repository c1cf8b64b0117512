"""Single rules of CommonMark that fit a note, for the tests: pieces of Markdown, nothing else."""

# ruff: noqa: W291, W293 - white space at the end of a line is Markdown

RULES = """
# a|||## b|||###### f|||####### g|||#5 bolt|||#hash|||\\## foo|||# foo *bar* \\*baz\\*|||#   foo   |||  ## foo
### foo|||    # foo|||foo
    # bar|||## foo ##|||# foo#|||### foo \\###|||# foo \\#|||****
## foo
****|||Foo *bar*
=========|||Foo
-------------------------|||Foo
=|||    Foo
---|||Foo
   ----|||Foo
= =|||> Foo
---|||- Foo
---|||***|||---|||___|||+++|||===|||--|||**|||   ***|||    ***|||_ _ _ _ _|||a------|||- foo
***
- bar|||Foo
***
bar|||* Foo
* * *
* Bar|||    a simple
      indented code block|||  - foo

    bar|||1.  foo

    - bar|||    <a/>
    *hi*

    - one|||Foo
    bar|||```
<
 >
```|||~~~
<
~~~|||``
foo
``|||```
aaa
~~~
```|||````
aaa
```
``````|||> ```
> aaa

bbb|||```

  
```|||```
```|||foo
```
bar
```
baz|||```ruby
def foo(x)
end
```|||``` aa ```|||aaa

bbb|||aaa
bbb

ccc
ddd|||aaa


bbb|||  aaa
 bbb|||aaa
             bbb|||> # Foo
> bar
> baz|||># Foo
>bar|||> bar
baz|||> bar
baz
> foo|||> - foo
- bar|||>|||>
>  
> |||>
> foo
>  |||> foo

> bar|||> foo
>
> bar|||foo
> bar|||> aaa
***
> bbb|||> bar

baz|||> > > foo
bar|||>>> foo
> bar
>>baz|||- one

 two|||- one

  two|||1.  A paragraph
    with two lines.

        indented code

    > A block quote.|||-one

2.two|||- foo


  bar|||123456789. ok|||1234567890. not ok|||0. ok|||003. ok|||-1. not ok|||- foo

      bar|||-
  foo
-
  bar|||- foo
-
- bar|||*|||foo
*

foo
1.|||- a
  b|||- foo
  - bar
    - baz
      - boo|||- foo
 - bar
  - baz|||10) foo
    - bar|||10) foo
   - bar|||- - foo|||1. - 2. foo|||- # Foo
- Bar
  ---
  baz|||- foo
- bar
+ baz|||1. foo
2. bar
3) baz|||Foo
- bar
- baz|||Seats they asked for last week:
14.  That is a lot.|||Seats they asked for last week:
1.  That is few.|||- foo

- bar


- baz|||- a
 - b
  - c
   - d
    - e|||1. a

  2. b

    3. c|||- a
- b

- c|||* a
*

* c|||- a
- b

  c
- d|||- a
- ```
  b


  ```
- c|||- a
  - b

    c
- d|||* a
  > b
  >
* c|||- a
  > b
  ```
  c
  ```
- d|||1. ```
   foo
   ```

   bar|||* foo
  * bar

  baz|||`foo`|||`` foo ` bar ``|||` `` `|||` b `|||`foo\\`bar`|||*foo`*`|||[not a `link](/foo`)|||`<a href="`">`|||*foo bar*|||a * foo bar*|||a*"foo"*|||foo*bar*|||5*6*78|||_foo bar_|||_ foo bar_|||foo_bar_|||5_6_78|||aa_"bb"_cc|||foo-_(bar)_|||_foo*|||*foo bar *|||*(*foo)|||*(*foo*)*|||*foo*bar|||_foo bar _|||_(_foo_)_|||_foo_bar_baz_|||_(bar)_.|||**foo bar**|||** foo bar**|||foo**bar**|||__foo bar__|||__ foo bar__|||foo__bar__|||5__6__78|||__foo, __bar__, baz__|||**foo bar **|||**(**foo)|||*(**foo**)*|||**foo "*bar*" foo**|||**foo**bar|||__foo__bar__baz__|||*foo **bar** baz*|||*foo**bar**baz*|||*foo**bar*|||***foo** bar*|||*foo **bar***|||foo***bar***baz|||foo******bar*********baz|||*foo **bar *baz* bim** bop*|||** is not an empty emphasis|||**foo *bar* baz**|||**foo*bar*baz**|||***foo* bar**|||**foo *bar***|||foo ***|||foo *\\**|||foo *_*|||foo **_**|||**foo*|||*foo**|||***foo**|||****foo*|||**foo***|||*foo****|||__foo_|||_foo__|||**foo**|||*_foo_*|||__foo__|||_*foo*_|||****foo****|||******foo******|||***foo***|||*foo _bar* baz_|||*foo __bar *baz bim__ bam*|||**foo **bar baz**|||*foo *bar baz*|||[link](https://e.com)|||[link](<https://e.com/a b>)|||[link](https://e.com/foo(and(bar)))|||[link](https://e.com "title")|||[link](https://e.com 'title')|||[link *foo **bar** `#`*](https://e.com)|||[foo *bar](https://e.com) baz*|||*[foo*](https://e.com)|||[foo][bar]

[bar]: https://e.com|||[foo]

[foo]: https://e.com|||[foo][]

[foo]: https://e.com|||![foo](https://e.com/i.png)|||![foo *bar*](https://e.com/i.png)|||<https://foo.bar.baz>|||<foo@bar.example.com>|||<https://foo.bar/baz bim>|||\\* not \\# these \\[x](y) \\`z\\`|||&nbsp; &amp; &copy; &AElig;|||&#35; &#1234; &#0;|||&nbsp &x; &#;|||foo  
baz|||foo\\
baz|||*foo
bar*|||foo \\
baz|||foo
 baz|||hello $.;'there|||Multiple     spaces|||<a><bab>|||a <b>c</b> d|||~~Hi~~ Hello|||~~a

b~~|||This ~~~x~~~ not|||a\\
""".strip("\n").split("|||")
