namespace Acceleration;

/// <summary>EfficientVLA's score of blocks (<see cref="LayerImportance"/>) over recorded trajectories: over steps, tokens and rows.</summary>
public sealed class RecordedImportance : ITrajectoryStatistic
{
    private readonly SortedDictionary<int, (Site Site, LayerImportance Score)> _blocks = [];

    /// <inheritdoc/>
    public IReadOnlyList<RecordedPlace> Places => [new(Where.Blocks) { Input = true, Text = true }];

    /// <summary>1 − mean cosine between a block's input and output, block by block: 0 for one that changes nothing.</summary>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    public IReadOnlyList<(Site Block, double Score)> Scores => _blocks.Count == 0 ? throw new InvalidOperationException("Nothing was recorded yet.") : [.. _blocks.Values.Select(b => (b.Site, b.Score.Scores[0]))];

    /// <summary>Numbers of the least important blocks, ascending, for <see cref="ListedBlocks"/> or <see cref="LayerPruning"/>; of equal ones those in front.</summary>
    /// <param name="count">How many, 1 to all.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    public IReadOnlyList<int> Least(int count)
    {
        var scores = Scores;
        Require.Within(1, scores.Count, count, nameof(count));
        return [.. scores.OrderBy(s => s.Score).ThenBy(s => s.Block.Block).Take(count).Select(s => s.Block.Block!.Value).Order()];
    }

    /// <inheritdoc/>
    public ITrajectory Begin(RunInfo run, RowId row) => new Trajectory(_blocks);

    private sealed class Trajectory(SortedDictionary<int, (Site Site, LayerImportance Score)> blocks) : ITrajectory
    {
        private readonly Dictionary<int, (Site Site, LayerImportance Score)> _seen = [];

        public void See(in RecordedValue value)
        {
            if (!_seen.TryGetValue(value.Site.Index, out var block))
            {
                _seen[value.Site.Index] = block = (value.Site, new(1));
            }

            block.Score.Add(0, value.Input(), value.Output(), value.Width);
        }

        public void Complete()
        {
            foreach (var (index, block) in _seen)
            {
                if (blocks.TryGetValue(index, out var known))
                {
                    known.Score.Add(block.Score);
                }
                else
                {
                    blocks[index] = block;
                }
            }
        }
    }
}
