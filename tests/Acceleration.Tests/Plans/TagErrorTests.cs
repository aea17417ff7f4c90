namespace Acceleration.Tests.Plans;

/// <summary>What is wrong with a tag is told with its position.</summary>
public sealed class TagErrorTests
{
    [Theory]
    [InlineData("EC-1", "Tag 'EC-1', position 3 (easycache, threshold): -1 is not allowed; must be a number of at least 0.")]
    [InlineData("EC", "position 3 (easycache): 'threshold' is missing; it is a number of at least 0.")]
    [InlineData("EC0.05q3", "position 7: 'q3' does not belong to easycache (its parameters: threshold (first), warmup (w), tail (t), maxSkip (m), sinceComputed (c), stride (n), start (from), stop (to), apart (b), reuse (out res x0)); parts are joined by '+'.")]
    [InlineData("EC0.05w3w4", "position 9: 'w' is given twice.")]
    [InlineData("EC0.05w", "position 8 (easycache, warmup): nothing is not allowed; must be a whole number.")]
    [InlineData("EC0.05w-1", "position 7 (easycache, warmup): -1 is not allowed; must be a whole number of at least 0.")]
    [InlineData("EC1E999", "position 3 (easycache, threshold): '1E999' is not allowed; must be a finite number.")]
    [InlineData("ECinf", "'threshold' is missing")]
    [InlineData("EC0.05,w3", "position 7: ',w3' does not belong to easycache")]
    [InlineData("XY3", "position 1: 'XY3' is not allowed; must be a part that begins with one of ")]
    [InlineData("EC0.05+", "position 8: nothing is not allowed; must be a part")]
    [InlineData("EC0.05 ", "position 7: ' ' does not belong to easycache")]
    [InlineData("ddim50+flow-euler20", "the solver is given twice.")]
    [InlineData("ddim50x", "position 7: 'x' does not belong to ddim")]
    [InlineData("ddimx", "schedules: ays, steps, edm, flow, flow-multi, ipndmgrid, lcmgrid, snr, multi, pndmgrid, sigma, t)")]
    [InlineData("BN1n5+steps5", "schedule: stages bring their own noise levels")]
    [InlineData("C:nowhere:every2:out", "position 3 (cached, where): There is no site selector 'nowhere'.")]
    [InlineData("C:network:sometimes:out", "position 11 (cached, when): 'sometimes:out' is not allowed; must be a when: one of")]
    [InlineData("C:network:every2", "(cached): 'how' is missing; it is a how: an object with its name.")]
    [InlineData("C:network:every0:out", "position 16 (interval, every): 0 is not allowed; must be a whole number of at least 1.")]
    [InlineData("C:path=a%2:every2:out", "must be text in which % is followed by two hexadecimal digits.")]
    [InlineData("TM0.5:attn.fff", "position 14: 'f' does not belong to tomesd")]
    [InlineData("TM0.5:a", "position 7 (tomesd, parts): 'a' is not allowed; must be some of attn.cross.ff.")]
    [InlineData("SF1.2", "position 3 (stepForecast, steps): [1, 2] is not allowed; must be a list of whole numbers")]
    [InlineData("sb1", "position 3: '1' does not belong to 'sb', which has no parameters; parts are joined by '+'.")]
    [InlineData("flow1000001", "1000001 is not allowed; must be a whole number from 1 to 1000000.")]
    [InlineData("BN1n1000000/1n1", "The stages have 1000001 steps together; 1000000 at most.")]
    [InlineData("UP0.5n1000000e0.5/1n1e1", "The stages have 1000001 steps together; 1000000 at most.")]
    [InlineData("BN17n1/1n1", "17 is not allowed; must be a number above 0 and at most 16.")]
    [InlineData("BN1n20/0.5", "'steps' is missing; it is a whole number from 1 to 1000000.")]
    [InlineData("DD2b1", "(deltaDiT): 'blocks' is missing; it is a whole number of at least 0. In a tag it follows 'x'.")]
    [InlineData("DD2k1", "In a tag it follows 'x'. 'k1' does not belong to deltaDiT (its parameters: interval (first), blocks (x), ")]
    [InlineData("PRUNE0.1from0", "(dbPrune, front): 'rom0' is not allowed; must be a whole number.")]
    public void InATag(string tag, string message)
    {
        var e = Assert.Throws<PlanException>(() => AccelerationPlan.Parse(tag));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnythingElseIsRefusedToo()
    {
        // Cut, doubled and changed tags either are plans or say why not; nothing else is thrown.
        string[] tags = ["ddim50trailing+clip1q0.5+AG0.999x0+CFG2ch3+EC0.05w4", "C:network:drift0.02w4t2:out^1@snr/ends6b3+BN1n20/0.5n20w0.8s6/1n10w0.6bicubic", "on%6Eone/ddim^50:1.28.28+sb"];
        var random = new Random(3);
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var text = tags[random.Next(tags.Length)].ToCharArray().ToList();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(text.Count);
                if (random.Next(2) == 0)
                {
                    text.RemoveAt(at);
                }
                else
                {
                    text.Insert(at, "0159.,:+-_=^/@%ECAGxwtmon \"é"[random.Next(28)]);
                }
            }

            try
            {
                var plan = AccelerationPlan.Parse(string.Concat(text));
                Assert.Equal(plan, AccelerationPlan.Parse(plan.Text));
            }
            catch (PlanException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 2999);
    }

    [Fact]
    public void AnEmptyTagIsTheEmptyPlan()
    {
        Assert.Equal(new AccelerationPlan(), AccelerationPlan.Parse(""));
        Assert.Equal(new AccelerationPlan(), AccelerationPlan.Parse("none"));
        Assert.Equal("", new AccelerationPlan().Tag);
    }
}
