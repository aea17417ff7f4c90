namespace Acceleration.Fuzz;

/// <summary>Plans as JSON.</summary>
internal sealed class PlanJsonTarget : IFuzzTarget
{
    private readonly JsonTree[] _valid = [.. PlanSeeds.Tags.Select(t => JsonTree.Parse(AccelerationPlan.Parse(t).ToJson()))];
    private readonly JsonMutator _mutator = new(PlanSeeds.JsonWords);

    public string Name => "plan";

    public int Weight => 90;

    public byte[] Make(Random random)
    {
        var json = random.Of(_valid).Copy();
        _mutator.Change(random, json, random.Of(_valid));

        // As UTF-16, because a plan is text by the time it is read: half characters are possible.
        var text = json.ToString();
        var bytes = Utf16.Bytes(text);
        return random.OneIn(10) ? ByteMutator.Damage(random, bytes) : bytes;
    }

    public string Run(byte[] input)
    {
        try
        {
            BuiltPlan.RoundTrip(AccelerationPlan.FromJson(Utf16.Text(input)));
            return Expect.Read;
        }
        catch (PlanException e)
        {
            Expect.Message(e.Message);
            return nameof(PlanException);
        }
    }
}
