namespace Acceleration.Fuzz;

/// <summary>Plans as tags, and the paths and citations that may stand for them.</summary>
internal sealed class TagTarget : IFuzzTarget
{
    private readonly TagMutator _mutator = new(PlanSeeds.TagWords);

    public string Name => "tag";

    public int Weight => 90;

    public byte[] Make(Random random) => Utf16.Bytes(_mutator.Change(random, random.Of(PlanSeeds.Tags), random.Of(PlanSeeds.Tags)));

    public string Run(byte[] input)
    {
        try
        {
            BuiltPlan.RoundTrip(AccelerationPlan.Parse(Utf16.Text(input)));
            return Expect.Read;
        }
        catch (Exception e) when (e is PlanException or IOException)
        {
            Expect.Message(e.Message);
            return e is PlanException ? nameof(PlanException) : nameof(IOException);
        }
    }
}
