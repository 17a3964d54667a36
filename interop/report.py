"""What is said of what was checked?"""

import conventions


class Report:
    """Writes down each thing that was checked, and remembers whether all of them hold."""

    def __init__(self):
        self.lines = []
        self.checked = 0
        self.failed = 0

    def scenario(self, title):
        self.lines += ["", title]

    def check(self, what, wrong):
        wrong = list(wrong)
        self.checked += 1
        self.failed += bool(wrong)
        self.lines.append(f"  {'✗' if wrong else '✓'} {what}")
        self.lines += (f"      {each}" for each in wrong)

    def show(self, lines):
        self.lines += (f"    {line}" for line in lines)

    def by_the_conventions(self, spans, asked_for=()):
        """Holds spans of ours to the semantic conventions. `asked_for` are the opt-in attributes that they have."""
        broken = [(span, each) for span in spans for each in conventions.judge(span, asked_for)]
        for level in ("must", "should"):
            self.check(
                f"{len(spans)} spans break no {level.upper()} of the conventions"
                f" {conventions.RULES['version']}",
                [f"{span}: {each.what}" for span, each in broken if each.level == level],
            )

    def recommended(self, spans):
        """Tells what the conventions recommend and no span has."""
        for kind, keys in conventions.never_recorded(spans).items():
            missing = f"no {kind} has {', '.join(keys)}"
            self.show([missing if keys else f"{kind}: all that is recommended"])
