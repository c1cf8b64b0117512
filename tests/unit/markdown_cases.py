"""Markdown as people paste it, for the tests: whole answers and exports, and single rules."""

# ruff: noqa: W291 - white space at the end of a line is Markdown

PRACTICAL = {
    "chat assistant, summary": """\
Here's a summary of your call with **Acme Corp**:

### Key points

1. **Budget**: They have *€25,000* approved for this quarter.
2. **Timeline**: Go-live is planned for **March 2026**.
   - Security review takes ~2 weeks
   - Legal needs the [DPA](https://example.com/dpa)
3. **Decision makers**:
   - Ann Lee (CFO)
   - Bob Müller (IT)

### Next steps

- [ ] Send the quote
- [x] Share the `SOC 2` report
- Schedule a follow-up

---

Let me know if you'd like me to **draft the email**!
""",
    "chat assistant, code": """\
To call the API, run:

```bash
curl -u "$KEY:" https://api.example.com/v1/me/
```

Then in Python:

```python
def total(rows):
    # sum them up
    return sum(r["value"] for r in rows if r["ok"])
```

**Note:** replace `KEY` with your own key. Use `a < b` and `x && y` with care.
""",
    "chat assistant, table": """\
Comparison:

| Plan | Price | Seats |
|:-----|------:|:-----:|
| **Starter** | $29 | 1 |
| Growth | $79 | `10` |
| [Pro](https://example.com/pro) | ask | |

Totals exclude VAT.
""",
    "chat assistant, list after paragraph": """\
The main risks are:
- Pricing: they compare us with *two* others
- Timing
* other bullets
* again
Then:
1. first
2. second
""",
    "chat assistant, nested with code": """\
1. Install it:

   ```sh
   pip install acme
   ```

2. Configure:
   * set `KEY`
   * restart

   Then check.
3. Done
""",
    "chat assistant, headings in a row": """\
# Title
## Sub
Text right after.
### Deep ###
#### 1. Numbered heading
#hashtag is no heading
""",
    "chat assistant, quote": """\
> **Tip:** ask for the budget owner.
> They said "maybe".
>
> - one
> - two

As discussed.
""",
    "notion export": """\
# Acme – discovery

Owner: Jo
Date: 2026-11-24

## Notes

- Wants SSO
    - Okta
    - Azure AD
        - with SCIM
- Budget **25k**

1. Demo
2. Pilot
    1. 5 seats
    2. 30 days

> 💡 They use HubSpot today.
> 

- [ ]  Send deck
- [x]  Add to pipeline

---

[https://example.com](https://example.com)

```python
x = 1
```
""",
    "github issue": """\
## Steps to reproduce

1. Open `Settings > API`
2. Click **Create key**
3. See error: `TypeError: x is not a function`

Expected: works. ~~Actual: fails.~~ Fixed in *v2*.

* [ ] test
* [x] fix

Related: [#12](https://github.example/a/b/issues/12), see <https://example.com/docs>.

```diff
- old
+ new
```

![screenshot](https://example.com/s.png)
""",
    "github readme": """\
Project
=======

A tool to do *things*.

Install
-------

    pip install thing

Use
---

+ one
+ two

***

See the [docs][1] or [Guide].

[1]: https://example.com/docs
[Guide]: https://example.com/guide "The Guide"
""",
    "slack, pasted as markdown": """\
*Acme* update: _signed_ today :tada:
• not a markdown bullet
- but this is
`lead_42` moved to **Won**
> their words

1) first
2) second
""",
    "plain mail": """\
Hi Jo,

thanks for the call. 5 * 3 * 2 = 30, and snake_case_name stays.
Files: *.py and *.txt; C:\\temp\\new; 100% sure & "quoted" <now>.

Best,
Ann
""",
    "mixed marks": """\
***both*** **bold with *inner* em** *em with **strong** in* __under__ _score_
**bold**text **two**, *a*b, a*b*c, 2*3*4, **a**b**c**
~~gone~~ ~~**both**~~ `code with *stars*` ``with ` tick`` \\*escaped\\* \\_too\\_
""",
    "links": """\
[plain](https://example.com) [with title](https://example.com/a "Title") [**bold**](https://example.com/b)
[paren](https://example.com/a_(b)) [empty]() ![pic](https://example.com/i.png) [a [b] c](https://example.com)
[mail](mailto:jo@example.com) <jo@example.com> <https://example.com/x?a=1&b=2>
""",
    "loose list": """\
- one

- two

  more of two

- three
  lazy line
goes on
""",
    "ordered from three": """\
3. three
4. four

10) ten
""",
    "deep": """\
- a
  - b
    - c
      - d
        text of d
  - e
- f

  paragraph of f

  > quote in f

      code in f
""",
    "fences": """\
~~~
tilde ``` inside
~~~

````md
```py
nested
```
````

- item
  ```
  in item
    indented
  ```
- next
""",
    "unclosed": """\
**bold never closed
*em never closed
`code never closed

```
fence never closed
""",
    "raw html": """\
Line with <b>bold</b> and <br> break and <script>alert(1)</script> gone.

<div>
block *not em*
</div>

<details>
<summary>More</summary>

inside **bold**

</details>

<!-- comment -->
after
""",
    "rules": "a\n\n---\n\nb\n\n***\n\n___\n\n- - -\n",
    "entities": "&amp; &lt; &copy; &nbsp;x &unknown; &#65; AT&T\n",
}
