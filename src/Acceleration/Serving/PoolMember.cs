namespace Acceleration;

/// <summary>A request while it runs with others: which samples of the batch are its own, and what they cost so far.</summary>
internal sealed class PoolMember(PoolTicket ticket, int first, int batchSamples)
{
    private readonly Trace _trace = new() { Samples = ticket.Samples };
    private int _left;

    public PoolTicket Ticket => ticket;

    /// <summary>Whether it is still part of the batch.</summary>
    public bool IsIn => Volatile.Read(ref _left) == 0;

    /// <summary>Leaves the batch, once: true for the first call.</summary>
    public bool Leave() => Interlocked.Exchange(ref _left, 1) == 0;

    /// <summary>Takes its part of a step and tells its caller.</summary>
    public void Step(StepTrace step, int steps, LatentsPreview? preview)
    {
        var part = step.Part(first, ticket.Samples, batchSamples);
        _trace.Add(part);
        var wanted = ticket.Request.PreviewEvery > 0 && _trace.Steps.Count % ticket.Request.PreviewEvery == 0;
        ticket.Progress?.Report(new(_trace.Steps.Count, steps, part, wanted ? Part(preview!) : null));
    }

    /// <summary>Its part of the result, in memory of its own: the others' goes.</summary>
    public SamplingResult Result(SamplingResult batch)
    {
        _trace.NeverActing = batch.Trace.NeverActing;
        using var own = batch.Latents.narrow(0, first, ticket.Samples);
        return new(own.clone().DetachFromDisposeScope(), _trace);
    }

    private LatentsPreview Part(LatentsPreview batch)
    {
        var size = batch.Values.Length / batchSamples;
        return new(batch.Values[(first * size)..((first + ticket.Samples) * size)], [ticket.Samples, .. batch.Shape.Skip(1)]);
    }
}
