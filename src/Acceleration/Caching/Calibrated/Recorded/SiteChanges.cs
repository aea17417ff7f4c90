namespace Acceleration;

/// <summary>How much a site's output changes between any two steps.</summary>
public sealed class SiteChanges
{
    private readonly double[] _squares;
    private int _rows;

    private SiteChanges(Site site, double[,] similarity, double[,] distance, int rows) => (Site, Similarity, Distance, _rows, _squares) = (site, similarity, distance, rows, new double[similarity.GetLength(0)]);

    /// <summary>The site.</summary>
    public Site Site { get; }

    /// <summary>Cosine of the outputs of steps i and j ≥ i, entries [i, j].</summary>
    public double[,] Similarity { get; }

    /// <summary>Mean absolute difference of the outputs of steps i and j ≥ i, entries [i, j].</summary>
    public double[,] Distance { get; }

    internal int Steps => _squares.Length;

    internal static SiteChanges Of(Site site, int steps) => new(site, new double[steps, steps], new double[steps, steps], 1);

    /// <summary>Compares a step with all before it.</summary>
    internal void Add(in RecordedValue value)
    {
        var now = value.Step.Index;
        var output = value.Output();
        _squares[now] = Vectors.Dot(output, output);
        Similarity[now, now] = 1;
        for (var back = 1; back <= now; back++)
        {
            var then = now - back;
            var before = value.Output(back);
            Similarity[then, now] = _squares[then] == 0 || _squares[now] == 0 ? (_squares[then] == _squares[now] ? 1 : 0) : Vectors.Dot(before, output) / Math.Sqrt(_squares[then] * _squares[now]);
            Distance[then, now] = Vectors.Distance(before, output) / output.Length;
        }
    }

    /// <summary>Adds another row.</summary>
    internal void Add(SiteChanges other)
    {
        _rows += other._rows;
        Each(Similarity, (i, j) => Similarity[i, j] + other.Similarity[i, j]);
        Each(Distance, (i, j) => Distance[i, j] + other.Distance[i, j]);
    }

    /// <summary>The mean over rows.</summary>
    internal SiteChanges Mean()
    {
        var mean = new SiteChanges(Site, new double[Steps, Steps], new double[Steps, Steps], 1);
        Each(mean.Similarity, (i, j) => Similarity[i, j] / _rows);
        Each(mean.Distance, (i, j) => Distance[i, j] / _rows);
        return mean;
    }

    private static void Each(double[,] matrix, Func<int, int, double> value)
    {
        for (var i = 0; i < matrix.GetLength(0); i++)
        {
            for (var j = i; j < matrix.GetLength(1); j++)
            {
                matrix[i, j] = value(i, j);
            }
        }
    }
}
